"""The parts of the HTML renderer: what the page is given, and the page that shows it."""
