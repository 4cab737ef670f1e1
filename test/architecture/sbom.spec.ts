import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Bill {
  bomFormat: string;
  specVersion: string;
  components: { name: string; group?: string; version: string; purl: string; hashes?: { alg: string; content: string }[]; licenses?: unknown[] }[];
}

test('`npm run sbom` lists every package of a release with its version and digest, and no other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-sbom-'));
  try {
    const file = join(folder, 'sbom.json');
    execFileSync('npm', ['run', '-s', 'sbom', '--', file], { encoding: 'utf8' });
    const bill = JSON.parse(readFileSync(file, 'utf8')) as Bill;
    expect([bill.bomFormat, Number(bill.specVersion) >= 1.5]).toEqual(['CycloneDX', true]);
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { version: string; dev?: boolean; integrity?: string }> };
    const released = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev).map(([path, { version }]) => `pkg:npm/${path.slice(path.lastIndexOf('node_modules/') + 13).replace('@', '%40')}@${version}`);
    expect([...new Set(bill.components.map(({ purl }) => purl))].sort()).toEqual([...new Set(released)].sort());
    const undigested = bill.components.filter(({ hashes }) => !hashes?.some(({ alg, content }) => alg === 'SHA-512' && /^[0-9a-f]{128}$/.test(content)));
    expect(undigested.map(({ purl }) => purl).filter((purl) => !/darwin|win32/.test(purl))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
