"use strict";

const ask = document.getElementById("ask");
const confirmForm = document.getElementById("confirm");
const cancel = document.getElementById("cancel");
const said = document.getElementById("said");
const callbacks = ask.dataset.to + "/v1/callbacks";

// One key for one wish: a press of the button that has to be repeated because the
// answer got lost promises no second call. Anything that changes is a new wish.
let key = crypto.randomUUID();
let token = "";
ask.addEventListener("input", () => { key = crypto.randomUUID(); });

ask.elements.when.forEach((choice) => choice.addEventListener("change", () => {
  document.getElementById("window").hidden = ask.elements.when.value !== "window";
}));

// post sends JSON and gives the answer; what went wrong is an Error for people.
async function post(url, body, headers) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (response.ok) return answer;
  const after = response.headers.get("Retry-After");
  throw new Error(after ? `${answer.message} (in ${Math.ceil(after / 60)} min)` : answer.message);
}

// submit runs what a form does, and shows what came of it.
function submit(form, action) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const buttons = form.querySelectorAll("button");
    buttons.forEach((b) => { b.disabled = true; });
    try {
      said.textContent = await action();
    } catch (error) {
      said.textContent = error.message;
    } finally {
      buttons.forEach((b) => { b.disabled = false; });
    }
  });
}

submit(ask, async () => {
  const f = ask.elements;
  const body = { number: f.number.value, name: f.name.value, question: f.question.value, when: "now" };
  if (f.when.value === "window") {
    body.when = {};
    if (f.from.value) body.when.from = f.from.value;
    if (f.until.value) body.when.until = f.until.value;
    body.time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
  const answer = await post(callbacks, body, { "Idempotency-Key": key });
  token = answer.token;
  confirmForm.hidden = answer.confirm !== "code";
  cancel.hidden = false;
  return [answer.message, ...answer.notes].join("\n");
});

submit(confirmForm, async () => {
  const answer = await post(`${callbacks}/${token}/confirm`, { code: confirmForm.elements.code.value });
  confirmForm.hidden = true;
  return answer.message;
});

cancel.addEventListener("click", async () => {
  try {
    const answer = await post(`${callbacks}/${token}/cancel`, {});
    cancel.hidden = confirmForm.hidden = true;
    said.textContent = answer.message;
  } catch (error) {
    said.textContent = error.message;
  }
});
