"""Labels as pictures of whole printer dots, and as the commands of label printers that take them.

Text and symbol go as one bitmap: printers have no Chinese or Tibetan of ours, and those that draw
symbols themselves choose another version than was tried out.
"""
