"""Early warning: rules as data, warnings with a state, and the messages that tell of them."""
