"""Pure rules of intake: identity numbers, numbers of applications, materials, progress."""
