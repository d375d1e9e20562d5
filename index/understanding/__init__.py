"""What a query asks for: plain English and `field:value` terms into filters, an order and words."""
