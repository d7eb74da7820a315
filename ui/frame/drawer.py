"""The recipe drawer, on every page: the steps as sentences with live counts, funnel, why, undo; below it the jobs."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

import engine
from engine import Dataset, EngineError, Recipe, Step, Store
from ui.frame import jobs, state
from ui.widgets import charts, conditions, form
from ui.widgets.say import message, part, plain


def draw(store: Store | None) -> None:
    """Draw the sidebar for a dataset, or what to do when there is none."""
    names = [s.folder.name for s in state.stores()]
    if store is None:
        st.caption("No dataset is open yet.")
        return
    name = st.selectbox("Dataset", names, names.index(store.folder.name), key="drawer/dataset")
    if name != store.folder.name:
        state.choose(name)
        st.rerun()
    with part():
        working = jobs.running(store)
        if working:  # what runs stands on top: a long recipe must not push it out of sight
            jobs.panel(store)
        with part():
            _recipe(state.dataset())
        if not working:
            jobs.panel(store)


def _recipe(data: Dataset) -> None:
    history = state.history()
    recipe = state.recipe()
    _stale(data)
    st.subheader("Recipe", anchor=False, help="The steps that turn the corpus into the rows worth keeping, in order.")
    try:
        done = state.run()
    except EngineError as error:
        message(error)
        done = None
    if done is not None:
        kept = done.stages[-1].kept
        share = kept / data.n if data.n else 0.0
        st.progress(share, text=f"**{kept:,}** of {data.n:,} rows kept ({share:.1%})")
        if not recipe.steps:
            st.caption("No steps yet: every row stays. Add a step here, or from Explore, Clean and Choose.")
        if done.stages[0].kept < data.n or len(done.kept_by_hand):
            st.caption(f"Pins: {len(done.kept_by_hand):,} must stay, {data.n - done.stages[0].kept:,} must go.")
    counts = _counts(recipe, done)
    for at, step in enumerate(recipe.steps):
        _step(data, recipe, at, step, counts.get(at))
    if done is not None and done.waiting:
        if st.button("Pick now", icon=":material/play_arrow:", type="primary", width="stretch", key="drawer/pick"):
            with st.spinner("Picking…", show_time=True), part():
                state.run(pick=True)
                st.rerun()
        st.caption("A selector waits: it runs when you ask, not at each click.")
    undo, redo = st.columns(2)
    back, again = history.undoable(), history.redoable()
    if undo.button(
        "", icon=":material/undo:", help=plain(f"Undo: {back}" if back else "Nothing to undo"),
        disabled=back is None, key="drawer/undo", shortcut="Mod+Z", width="stretch",
    ):  # fmt: skip
        history.undo()
        st.rerun()
    if redo.button(
        "", icon=":material/redo:", help=plain(f"Redo: {again}" if again else "Nothing to redo"),
        disabled=again is None, key="drawer/redo", shortcut="Mod+Y", width="stretch",
    ):  # fmt: skip
        history.redo()
        st.rerun()
    with st.popover("Add a step", icon=":material/add:", width="stretch"):
        with part():
            _add(data)
    if done is not None and recipe.steps:
        with st.expander("Funnel", icon=":material/filter_alt:"):
            charts.funnel(done)
    if done is not None:
        with st.expander("Why this row?", icon=":material/help:"), part():
            row = st.number_input(
                "Row number", 0, max(data.n - 1, 0), int(st.session_state.get("row") or 0), key="drawer/why"
            )
            if data.n:
                st.markdown(plain(engine.recipe.why(done, int(row)).text))
    with st.expander("Save or load", icon=":material/save:"), part():
        _files(data, recipe)


def _counts(recipe: Recipe, done: "engine.recipe.Run | None") -> dict[int, tuple[int, int]]:
    """Rows kept and removed by each step, by its place in the recipe; steps that are off or wait have none."""
    if done is None:
        return {}
    on = [at for at, step in enumerate(recipe.steps) if step.on]
    return {at: (s.kept, s.before - s.kept) for at, s in zip(on, done.stages[1:], strict=False)}


def _step(data: Dataset, recipe: Recipe, at: int, step: Step, count: tuple[int, int] | None) -> None:
    with st.container(border=True):
        words, menu = st.columns([6, 1], vertical_alignment="top")
        sentence = step.name or step.sentence().rstrip(".")
        shown = plain(sentence if len(sentence) < 160 else sentence[:159] + "…")
        words.markdown(f"{at + 1}. {shown}" if step.on else f":gray[{at + 1}. {shown} (off)]")
        if count:
            words.caption(f"{count[0]:,} left · {count[1]:,} removed")
        elif step.on:
            words.caption("not run yet")
        with menu.popover("", icon=":material/more_vert:", help="Edit, switch off, move, remove"), part():
            _edit(data, recipe, at, step)


def _edit(data: Dataset, recipe: Recipe, at: int, step: Step) -> None:
    key = f"drawer/{at}/{step.do}/{len(recipe.steps)}"
    on = st.toggle("On", step.on, key=f"{key}/on")
    name = st.text_input("Name", step.name, key=f"{key}/name", placeholder="its sentence")
    params: Mapping[str, object] = step.params
    if step.do not in engine.recipe.NESTS:
        params = form.fields(step.member, data, key, step.params)
    try:
        changed = replace(step, on=on, name=name, params=dict(params)).checked()  # type: ignore[arg-type]
    except EngineError as error:
        message(error)
        changed = step
    if changed != step and st.button("Apply", type="primary", key=f"{key}/apply", width="stretch"):
        _take(recipe.changed(at, changed), f"changed step {at + 1}: {changed.sentence()}")
    up, down, away = st.columns(3)
    if up.button("", icon=":material/arrow_upward:", disabled=at == 0, help="Earlier", key=f"{key}/up"):
        _take(recipe.moved(at, at - 1), f"moved step {at + 1} up")
    if down.button(
        "", icon=":material/arrow_downward:", disabled=at + 1 == len(recipe.steps), help="Later", key=f"{key}/down"
    ):
        _take(recipe.moved(at, at + 1), f"moved step {at + 1} down")
    if away.button("", icon=":material/delete:", help="Remove; undo brings it back", key=f"{key}/remove"):
        _take(recipe.without(at), f"removed step {at + 1}: {step.sentence()}")


def _add(data: Dataset) -> None:
    step = conditions.build(data, "drawer/add")
    if st.button("Add", type="primary", disabled=step is None, key="drawer/add/go", width="stretch") and step:
        add_step(step)


def add_step(step: Step) -> None:
    """Add a step: a filter goes before the first selector, a selector to the end. Then draw the page again."""
    recipe = state.recipe()
    first = next((i for i, s in enumerate(recipe.steps) if s.selects), len(recipe.steps))
    new = recipe.with_step(step.checked(), None if step.selects else first)
    _take(new, f"added: {step.checked().sentence()}")


def _take(recipe: Recipe, what: str) -> None:
    state.change(recipe, what)
    st.rerun()


def _files(data: Dataset, recipe: Recipe) -> None:
    name = st.text_input("Name", recipe.name, key="drawer/name")
    if st.button("Keep under this name", width="stretch", key="drawer/keep"):
        _keep(data, replace(recipe, name=name))
    kept = engine.recipe.history.names(data.store)
    other = st.selectbox("Kept recipes", kept, None, key="drawer/kept", placeholder="none chosen") if kept else None
    if other and st.button("Go on with this one", width="stretch", key="drawer/open"):
        _load(data, other)
    st.download_button(
        "Download the recipe",
        lambda: engine.exporting.completed(data, recipe).text(),
        f"{recipe.name}.json",
        "application/json",
        width="stretch",
        key="drawer/download",
    )
    given = st.file_uploader("Load a recipe", ["json"], key="drawer/upload")
    if given is not None and st.button("Use this recipe", width="stretch", key="drawer/use"):
        loaded = engine.exporting.recipe_of(given.getvalue().decode("utf-8", errors="replace"))
        engine.exporting.refuse_foreign(loaded, data)
        engine.recipe.check(data, loaded)
        _take(loaded, f"loaded {given.name}")


def _keep(data: Dataset, recipe: Recipe) -> None:
    """Keep the recipe under its name, over the revision that this session knows; a newer one is never overwritten."""
    known = st.session_state.setdefault("kept", {})
    place = f"{data.name}/{recipe.name}"
    try:
        known[place] = engine.recipe.history.save(data.store, recipe.name, recipe, known.get(place, 0))
    except engine.Stale as error:
        st.session_state["stale"] = (str(error), recipe)
        st.rerun()
    state.change(recipe, f"kept as {recipe.name}")
    st.toast("Kept.")


def _load(data: Dataset, name: str) -> None:
    kept = engine.recipe.history.load(data.store, name)
    st.session_state.setdefault("kept", {})[f"{data.name}/{name}"] = kept.revision
    _take(kept.recipe, f"opened the recipe {name}")


def _stale(data: Dataset) -> None:
    """Somebody else saved in the meantime: take theirs, or keep this as a copy. Nothing is lost."""
    held = st.session_state.get("stale")
    if not held:
        return
    text, mine = held
    st.warning(plain(text))
    if st.button("Save mine as a copy", key="drawer/copy", width="stretch"):
        name = engine.recipe.history.save_copy(data.store, mine.name, mine)
        st.session_state.pop("stale")
        st.toast(f"Kept as {plain(name)}")
        _load(data, name)
    if st.button("Take theirs", key="drawer/theirs", width="stretch"):
        st.session_state.pop("stale")
        if mine.name in engine.recipe.history.names(data.store):
            _load(data, mine.name)
        st.rerun()
