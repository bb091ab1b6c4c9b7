package dev.gpucloud.tenant.quotarequests;

/** Where a request for more quota stands; all but OPEN are final. */
public enum QuotaRequestState {
  OPEN,
  GRANTED,
  PARTIALLY_GRANTED,
  REFUSED,
  WITHDRAWN
}
