import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

test('the reader is the same octets each time that it is made, and its list says which', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-reader-made-'));
  try {
    execFileSync(process.execPath, ['deploy/scripts/reader.mjs', folder]);
    for (const file of readdirSync('dist/reader')) expect([file, readFileSync(join(folder, file)).equals(readFileSync(join('dist/reader', file)))]).toEqual([file, true]);
    expect(readdirSync(folder).sort()).toEqual(['index.html', 'reader.css', 'reader.js', 'reader.json']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

test('the reader holds nothing that asks another address, and no code made of text', () => {
  const page = readFileSync('dist/reader/index.html', 'utf8');
  expect([...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address).sort()).toEqual(['#main', 'reader.css', 'reader.js']);
  expect(page).not.toMatch(/<script(?![^>]*src=)|\son\w+=|style=/);
  expect(readFileSync('dist/reader/reader.js', 'utf8')).not.toMatch(/[^.\w]eval\(|\.innerHTML\s*=|insertAdjacentHTML|document\.write/);
});
