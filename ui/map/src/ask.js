// Questions to the server, one on the way at a time; the newest of a kind waits, older ones are dropped.
const PATIENCE = 8000;

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
  shared.waiting.set(key, (answer) => {
    if (flying && answer.id === flying.id) settle(answer);
    // The page was drawn again meanwhile, and the question with it was lost: asked once more.
    else if (flying && answer.id === 0) shared.asked.get(key)?.({ ...flying.question, id: flying.id });
  });
  return {
    ask: (question) => new Promise((resolve) => {
      queue.get(question.ask)?.resolve(null);
      queue.set(question.ask, { question, resolve });
      next();
    }),
    end: () => shared.waiting.delete(key),
  };
}
