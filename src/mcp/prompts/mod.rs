//! Prompts: recipes that lead a model through several tools. None is announced yet; one file each when they come.
