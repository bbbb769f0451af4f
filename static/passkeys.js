// Asks a passkey, and sends what it answers with the form it stands in. Pages without passkeys work without this.

const WRONG = "That did not work. Try again, or choose another way.";
const OUT_OF_DATE = "This page has waited too long. Open it again.";

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function listed(keys) {
  return (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
}

function understood(options, does) {
  const asked = { ...options, challenge: bytes(options.challenge) };
  if (does === "create") {
    asked.user = { ...options.user, id: bytes(options.user.id) };
    asked.excludeCredentials = listed(options.excludeCredentials);
  } else {
    asked.allowCredentials = listed(options.allowCredentials);
  }
  return { publicKey: asked };
}

function told(key, does) {
  const answer = key.response;
  const response = { clientDataJSON: text(answer.clientDataJSON) };
  if (does === "create") {
    response.attestationObject = text(answer.attestationObject);
  } else {
    response.authenticatorData = text(answer.authenticatorData);
    response.signature = text(answer.signature);
    response.userHandle = answer.userHandle ? text(answer.userHandle) : null;
  }
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
}

async function ask(part) {
  const form = part.closest("form");
  const does = part.dataset.passkey;
  const answer = await fetch(part.dataset.asks, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrf_token.value },
  });
  if (!answer.ok) {
    throw new Error(OUT_OF_DATE);
  }
  const options = understood(await answer.json(), does);
  const key = await (does === "create" ? navigator.credentials.create(options) : navigator.credentials.get(options));
  form.elements.credential.value = told(key, does);
  form.submit();
}

for (const part of document.querySelectorAll("[data-passkey]")) {
  if (window.PublicKeyCredential) {
    const button = part.querySelector("button");
    const problem = part.querySelector("[role=alert]");
    part.querySelector("p").hidden = true;
    button.parentElement.hidden = false;
    button.addEventListener("click", async () => {
      const form = part.closest("form");
      problem.replaceChildren();
      const name = form.elements.name;
      if (name instanceof HTMLInputElement && !name.value.trim()) {
        form.submit(); // the page says what is missing
        return;
      }
      try {
        await ask(part);
      } catch (error) {
        const words = document.createElement("p");
        words.className = "govuk-error-message";
        words.textContent = error.message === OUT_OF_DATE ? OUT_OF_DATE : WRONG;
        problem.append(words);
      }
    });
  }
}
