package dev.gpucloud.gateway.events;

/** Where a listener's events go: a socket that may be slow, and may be gone. */
public interface Outlet {

  /** Sends an event of one line of text; too many that wait end the outlet. */
  void event(String id, String type, String text);

  /** Says how far the feed is, so that a resumed stream starts there although it heard nothing. */
  void position(String id);

  /** Bytes sent that the socket has not taken. */
  long waitingBytes();

  /** Whether nothing can be sent any more. */
  boolean isClosed();

  /** Ends it with a word about why; once. */
  void close(String why);
}
