// Questions to the server, one on the way at a time; the newest of a kind waits, older ones are dropped.
const PATIENCE = 8000;
const AGAIN = 150;

export function makeAsker(key, shared) {
  let number = 0;
  let flying = null;
  const queue = new Map(); // kind -> {question, resolve}

  function next() {
    if (flying) return;
    const [kind, entry] = queue.entries().next().value ?? [];
    if (!kind) return;
    const send = shared.asked.get(key);
    if (!send) { // the channel mounts right after the map
      setTimeout(next, 60);
      return;
    }
    queue.delete(kind);
    flying = { id: ++number + Math.random(), ...entry };
    flying.timer = setTimeout(() => settle(null), PATIENCE); // a lost connection: the next question tries again
    send({ ...entry.question, id: flying.id });
  }
  function settle(answer) {
    const done = flying;
    flying = null;
    clearTimeout(done.timer);
    done.resolve(answer);
    next();
  }
  let drawn;
  const heard = (answer) => {
    const anew = answer.drawn !== drawn;
    drawn = answer.drawn;
    if (flying && answer.id === flying.id) settle(answer);
    // The page was drawn again meanwhile, and the question may be lost with it: asked once more, a moment later.
    else if (flying && (anew || answer.id === 0)) {
      const lost = flying;
      setTimeout(() => flying === lost && shared.asked.get(key)?.({ ...lost.question, id: lost.id }), AGAIN);
    }
  };
  shared.waiting.set(key, heard);
  return {
    ask: (question) => new Promise((resolve) => {
      queue.get(question.ask)?.resolve(null);
      queue.set(question.ask, { question, resolve });
      next();
    }),
    // Where the page made the place anew, the new one listens already.
    end: () => shared.waiting.get(key) === heard && shared.waiting.delete(key),
  };
}
