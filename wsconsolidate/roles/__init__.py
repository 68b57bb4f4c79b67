"""Program -> who plays which part, each with its evidence."""
