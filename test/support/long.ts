/** Whether tests take minutes where it takes minutes to be thorough: `npm run test:long` sets it. */
export const long = process.env['NCN_LONG'] === '1';

if (!long) {
  console.log(
    'Some cases of these tests take minutes, and are left out: npm run test:long has them.',
  );
}
