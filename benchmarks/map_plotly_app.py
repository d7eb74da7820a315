"""The same points in st.plotly_chart, as Streamlit's documentation has it: what the map is measured against."""

import os

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from tests.ui.map.made_corpus import Made, made

st.set_page_config(layout="wide")


@st.cache_resource
def corpus(rows: int) -> Made:
    return made(rows)


data = corpus(int(os.environ.get("MAP_ROWS", "100000")))
column = st.radio("colour", ["topic", "score"], horizontal=True)
marker = {"size": 3, "color": data.topic if column == "topic" else data.score}
trace = go.Scattergl(x=data.points.x, y=data.points.y, mode="markers", marker=marker)
figure = go.Figure(trace, {"height": 560, "dragmode": "pan"})
event = st.plotly_chart(figure, key="chart", on_select="rerun")
lassos = event["selection"]["lasso"]
count = len(event["selection"]["points"])
st.text(f"picked {count} {len(lassos)} {np.round(lassos[0]['x'][0], 3) if lassos else ''}")
