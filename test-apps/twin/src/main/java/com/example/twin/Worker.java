package com.example.twin;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Makes the calls it is told to over its control connection, and tells what it saw of them. */
public final class Worker {
  private Worker() {}

  /**
   * @param args the control connection's port
   */
  public static void main(String[] args) throws IOException {
    Socket control = new Socket(InetAddress.getByName("127.0.0.1"), Integer.parseInt(args[0]));
    control.setTcpNoDelay(true);
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(control.getInputStream(), 1 << 16));
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(control.getOutputStream(), 1 << 16));
    ExecutorService calls =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "call");
              thread.setDaemon(true);
              return thread;
            });
    try {
      while (true) {
        Order order = Order.readFrom(in);
        calls.execute(() -> tell(out, Form.valueOf(order.form()).call(order)));
      }
    } catch (EOFException done) {
      System.exit(0);
    }
  }

  private static void tell(DataOutputStream out, Outcome outcome) {
    synchronized (out) {
      try {
        outcome.writeTo(out);
        out.flush();
      } catch (IOException driverIsGone) {
        System.exit(1);
      }
    }
  }
}
