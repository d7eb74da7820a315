"""The frame around every page: title, state, recipe drawer, selection bar, jobs."""
