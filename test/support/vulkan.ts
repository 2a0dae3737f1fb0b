import { existsSync } from 'node:fs';

/** Where a software Vulkan driver's description may be: Mesa's lavapipe, Chromium's SwiftShader. */
const drivers = [
  '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json',
  '/usr/share/vulkan/icd.d/lvp_icd.json',
  '/usr/lib/chromium/vk_swiftshader_icd.json',
];

/** Lets the process use a software Vulkan driver, unless the user has chosen one. */
export function useSoftwareVulkan(): void {
  const variable = 'VK_ICD_FILENAMES';
  const driver = drivers.find((file) => existsSync(file));
  if (process.env[variable] === undefined && driver !== undefined) process.env[variable] = driver;
}
