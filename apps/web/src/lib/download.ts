// Owns saving something as a file of the browser's.

/** A file that the gateway makes; the session's cookie goes along. */
export function downloadFrom(address: string): void {
  save(address, '');
}

/** Text that is nowhere but in this window. */
export function downloadText(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  save(address, name);
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function save(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
