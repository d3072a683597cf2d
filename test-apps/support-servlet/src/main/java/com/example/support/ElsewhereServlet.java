package com.example.support;

import java.io.IOException;
import javax.servlet.AsyncContext;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Has the model asked on another thread, in the way that the path names. */
final class ElsewhereServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient Models models;
  private final transient Workshop workshop;

  ElsewhereServlet(Models models, Workshop workshop) {
    this.models = models;
    this.workshop = workshop;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String way = request.getPathInfo().substring(1);
    String who = asking(request, way);
    if (way.equals("async-start")) {
      AsyncContext async = request.startAsync();
      async.start(() -> answer(async, who));
      return;
    }
    try {
      response.getWriter().print(workshop.way(way).get(() -> models.ask(who, "Who asks?")));
    } catch (IOException | RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IOException(failure);
    }
  }

  /** The company, the way, and the clerk when one is logged in. */
  private static String asking(HttpServletRequest request, String way) {
    String clerk = request.getRemoteUser();
    return request.getHeader("X-Tenant-Id") + '.' + way + (clerk == null ? "" : '.' + clerk);
  }

  private void answer(AsyncContext async, String who) {
    try {
      async.getResponse().getWriter().print(models.ask(who, "Who asks?"));
    } catch (IOException failure) {
      ((HttpServletResponse) async.getResponse()).setStatus(500);
    }
    async.complete();
  }

  /** Answers at once: the work goes on when this request has ended. */
  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    String who = asking(request, "later");
    workshop.later(() -> models.ask(who, "Who asked?"));
    response.setStatus(HttpServletResponse.SC_ACCEPTED);
  }
}
