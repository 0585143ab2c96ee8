"""What every page needs: access, session, headers, failures, layout."""
