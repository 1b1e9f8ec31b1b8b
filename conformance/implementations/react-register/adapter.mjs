/** The conformance adapter for React's hook of CommonJS modules in Node.js (react-server-dom-webpack/node-register). */

import { greeting } from '../_shared/packages.mjs'
import { loaderOperations } from '../_shared/registering-loaders.mjs'
import { Loader } from './loader.mjs'

export const operations = loaderOperations(
  greeting('react-server-dom-webpack'),
  (files) => new Loader(files),
)
