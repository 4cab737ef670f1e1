/** One configuration for every suite; `npm test` says what runs before it. */
module.exports = {
  rootDir: '..',
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test', '<rootDir>/deploy'],
  testMatch: ['**/*.spec.ts'],
  moduleNameMapper: { '^#(.*)$': '<rootDir>/libs/$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2024',
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: '<rootDir>/test/world/global-setup.ts',
  globalTeardown: '<rootDir>/test/world/global-teardown.ts',
  // Ends what hangs; nothing is judged by it. What takes a minute has taken five on a machine that did three other things.
  testTimeout: 900_000,
  // One more than the cores of the smallest machine that they run on: suites wait for clocks, databases and browsers half of their time.
  maxWorkers: 3,
  // What suites leave behind in a worker adds up to gigabytes, and to a run that slows down as it goes on: a worker that has this much is followed by a new one.
  workerIdleMemoryLimit: '1200MB',
};
