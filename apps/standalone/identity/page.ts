import type { Identity } from './identity';

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** The page on which one chooses whom to be: plain, and saying loudly that nothing here is real. */
export function chooser(action: string, identities: readonly Identity[]): string {
  const choices = identities.map(({ subject, name, says }) => `<li><strong>${escaped(name)}</strong>, ${escaped(says)}
<form method="post" action="${escaped(action)}"><input type="hidden" name="subject" value="${escaped(subject)}"><button name="factor" value="one">Sign in as ${escaped(subject)}</button> <button name="factor" value="two">Sign in as ${escaped(subject)} with a second factor</button></form></li>`);
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Whom do you want to be? Sandbox</title><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"></head>
<body><main><h1>Whom do you want to be?</h1><p>This is a sandbox. Nobody here is real, and no password is asked for. Never use real case data.</p><ul>${choices.join('\n')}</ul></main></body></html>`;
}
