"""What a script's expressions come to, followed through its syntax tree and the files beside it; runs nothing."""
