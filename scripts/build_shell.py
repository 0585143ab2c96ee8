"""Keep the map that Folium generates in data/map, so that no process of the site loads Folium.

python scripts/build_shell.py      (after a new version of Folium, or a change in mapapp/maps)
"""

from mapapp.maps.folium_shell import shell_json
from mapapp.maps.page import SHELL_FILE


def main() -> None:
    """Write the file."""
    SHELL_FILE.parent.mkdir(exist_ok=True)
    SHELL_FILE.write_text(shell_json(), encoding="utf-8")
    print(f"{SHELL_FILE}: {SHELL_FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
