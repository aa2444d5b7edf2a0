import { defineReference, interpreted } from '../reference.ts';

export default defineReference({
  name: 'python-asyncio',
  summary: "Python's asyncio streams",
  prepare: () => interpreted('python3', 'asyncio_streams.py'),
});
