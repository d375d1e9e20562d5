"""The workbench's colours: greys of the 256-colour ramp and one accent, so that they look alike over SSH."""

from textual.theme import Theme

DARK = Theme(
    name="diffwb",
    primary="#00afd7",
    accent="#00afd7",
    secondary="#8a8a8a",
    foreground="#d0d0d0",
    background="#121212",
    surface="#1c1c1c",
    panel="#303030",
    success="#5faf5f",
    warning="#d7af00",
    error="#d75f5f",
    dark=True,
    variables={
        "border": "#00afd7",
        "block-cursor-foreground": "#eeeeee",
        "block-cursor-background": "#303030",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#262626",
        "block-cursor-blurred-foreground": "#d0d0d0",
        "scrollbar": "#303030",
        "scrollbar-background": "#121212",
        "scrollbar-corner-color": "#121212",
        "scrollbar-hover": "#444444",
        "scrollbar-active": "#00afd7",
        "input-selection-background": "#00afd7 35%",
    },
)
