"""The app as a server finds it: the pages, behind the door that lets in only who may."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from ui.frame.door import Door, announced

app = st.App(
    Path(__file__).with_name("navigation.py"),
    middleware=[Middleware(Door)],
    lifespan=announced,
)
