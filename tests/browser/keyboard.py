"""A person without a mouse: only the keys Tab, Enter, Space and letters."""

from typing import Any

STOPS = 200  # more stops than any page has: then it cannot be reached

NAME_OF_FOCUS = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return "";
  const label = it.labels && it.labels.length ? it.labels[0].innerText : "";
  return (it.getAttribute("aria-label") || label || it.innerText || it.value || "").trim();
}"""


class Keyboard:
    """Hands on the keyboard in front of this page."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def go_to(self, name: str) -> None:
        """Press Tab until the focus is on what is called so. Raises AssertionError if it cannot be reached."""
        met = []
        for _ in range(STOPS):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(NAME_OF_FOCUS)
            if focused.startswith(name):
                self._assert_visible(name)
                return
            met.append(focused)
        raise AssertionError(f"{name!r} cannot be reached by Tab; met {met}")

    def press(self, name: str, key: str = "Enter") -> None:
        """Go to the link or button of this name and press it; wait for the page it leads to."""
        self.go_to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def choose(self, name: str) -> None:
        """Go to the box of this name and tick it."""
        self.go_to(name)
        self.page.keyboard.press("Space")

    def write(self, name: str, words: str) -> None:
        """Go to the field of this name and write."""
        self.go_to(name)
        self.page.keyboard.type(words)

    def _assert_visible(self, name: str) -> None:
        shown = self.page.evaluate(
            """() => { const style = getComputedStyle(document.activeElement);
                       return style.outlineStyle !== "none" || style.boxShadow !== "none"; }"""
        )
        assert shown, f"The focus on {name!r} cannot be seen (WCAG 2.4.7)"
