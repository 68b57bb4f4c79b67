"""Many repositories: whole ones are tasks on a scheduler's workers, and their results are joined."""
