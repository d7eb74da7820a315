"""The map: points sent once, questions answered, and the component that draws."""
