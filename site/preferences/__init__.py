"""How a visitor wants the site to look: colours, language, a notice put away. Kept in cookies, if they allow it."""
