/* The browser's part of a passkey: hands the challenge to the device, posts what it answers.
   The form says which of the two it is for; everything that guards a form guards this one too. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const said = document.getElementById("passkey-said");
  const FAILED = "端末で確かめられませんでした。「もう一度試す」を押すか、ほかの方法を使ってください。";

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (one) => one.charCodeAt(0));
  };
  const words = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const opened = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const asked = () => {
    const options = JSON.parse(form.dataset.options).publicKey;
    options.challenge = bytes(options.challenge);
    if (form.dataset.passkey === "enter") {
      options.allowCredentials = opened(options.allowCredentials);
      return navigator.credentials.get({ publicKey: options });
    }
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = opened(options.excludeCredentials);
    return navigator.credentials.create({ publicKey: options });
  };

  const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const told = (credential) => {
    const response = {};
    for (const part of PARTS) {
      if (credential.response[part]) response[part] = words(credential.response[part]);
    }
    return {
      id: credential.id,
      rawId: words(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  };

  const run = async () => {
    said.textContent = "";
    try {
      const credential = await asked();
      form.elements.answer.value = JSON.stringify(told(credential));
    } catch {
      said.textContent = FAILED;
      return;
    }
    HTMLFormElement.prototype.submit.call(form);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    run();
  }, true);
  if (window.PublicKeyCredential) run();
  else said.textContent = FAILED;
})();
