/** How one of our processes proves to another on whose behalf it asks. */
export { type ServiceCaller, serviceCaller } from './service-caller.ts'
export { serviceGuard } from './service-guard.ts'
