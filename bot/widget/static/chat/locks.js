/**
 * Run `work` while no other tab of this browser runs something under the same name.
 *
 * Web Locks exist on secure pages only. Without them two tabs may send at the same moment; the server then recognises
 * the repeated client_message_id, so nothing is doubled.
 */
export function exclusively(name, work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(`techref.${name}`, work);
}
