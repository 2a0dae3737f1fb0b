import { expect, test } from 'vitest';
import { hookOf } from './support.js';

test('what tapable compiles: the taps in their order, each awaited, the first error ends it', async () => {
  const hook = hookOf([['b', { stage: 'late' }], ['c'], ['a', { before: 'c' }]]);
  expect(
    hook['dispatch'].taps.map(({ name, type, stage, before }) => ({ name, type, stage, before })),
  ).toMatchInlineSnapshot(`
    [
      {
        "before": "c 2",
        "name": "a 3",
        "stage": 2,
        "type": "promise",
      },
      {
        "before": undefined,
        "name": "c 2",
        "stage": 2,
        "type": "promise",
      },
      {
        "before": undefined,
        "name": "b 1",
        "stage": 3,
        "type": "promise",
      },
    ]
  `);
  const log: string[] = [];
  await hook.call(log);
  expect(log).toEqual(['a', 'c', 'b']);
  // tapable puts the compiled function in the place of the method at the first call.
  expect(hook['dispatch'].promise.toString()).toMatchInlineSnapshot(`
    "function anonymous(payload
    ) {
    "use strict";
    var _context;
    var _x = this._x;
    var _taps = this.taps;
    var _interceptors = this.interceptors;
    return new Promise((function(_resolve, _reject) {
    var _sync = true;
    function _error(_err) {
    if(_sync)
    _resolve(Promise.resolve().then((function() { throw _err; })));
    else
    _reject(_err);
    };
    function _next1() {
    var _fn2 = _x[2];
    var _hasResult2 = false;
    var _promise2 = _fn2(payload);
    if (!_promise2 || !_promise2.then)
      throw new Error('Tap function (tapPromise) did not return promise (returned ' + _promise2 + ')');
    _promise2.then((function(_result2) {
    _hasResult2 = true;
    _resolve();
    }), function(_err2) {
    if(_hasResult2) throw _err2;
    _error(!_err2 ? new Error('Tap function (tapPromise) rejects "' + _err2 + '" value') : _err2);
    });
    }
    function _next0() {
    var _fn1 = _x[1];
    var _hasResult1 = false;
    var _promise1 = _fn1(payload);
    if (!_promise1 || !_promise1.then)
      throw new Error('Tap function (tapPromise) did not return promise (returned ' + _promise1 + ')');
    _promise1.then((function(_result1) {
    _hasResult1 = true;
    _next1();
    }), function(_err1) {
    if(_hasResult1) throw _err1;
    _error(!_err1 ? new Error('Tap function (tapPromise) rejects "' + _err1 + '" value') : _err1);
    });
    }
    var _fn0 = _x[0];
    var _hasResult0 = false;
    var _promise0 = _fn0(payload);
    if (!_promise0 || !_promise0.then)
      throw new Error('Tap function (tapPromise) did not return promise (returned ' + _promise0 + ')');
    _promise0.then((function(_result0) {
    _hasResult0 = true;
    _next0();
    }), function(_err0) {
    if(_hasResult0) throw _err0;
    _error(!_err0 ? new Error('Tap function (tapPromise) rejects "' + _err0 + '" value') : _err0);
    });
    _sync = false;
    }));

    }"
  `);
});

test('a hook that nobody taps is never dispatched: its calls share one promise', async () => {
  const hook = hookOf([]);
  const first = hook.call([]);
  expect(hook.call([])).toBe(first);
  await expect(first).resolves.toBeUndefined();
  expect(hookOf([['a']]).call([])).not.toBe(first);
});
