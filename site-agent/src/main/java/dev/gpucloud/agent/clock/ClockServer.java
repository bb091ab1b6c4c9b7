package dev.gpucloud.agent.clock;

import java.io.IOException;

/** The owner of the development clock, as the agent sees it. */
interface ClockServer {

  /** The present setting, at once. */
  ClockSetting current() throws IOException, InterruptedException;

  /** The setting after a version; waits for one up to the server's own limit. */
  ClockSetting after(long version) throws IOException, InterruptedException;

  /** Says that the agent follows this version and has reported what was alive. */
  void acknowledge(long version) throws IOException, InterruptedException;
}
