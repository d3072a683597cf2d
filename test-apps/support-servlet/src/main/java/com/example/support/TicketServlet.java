package com.example.support;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Drafts the answer to a ticket. */
final class TicketServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient Models models;

  TicketServlet(Models models) {
    this.models = models;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String company = request.getHeader("X-Tenant-Id");
    response
        .getWriter()
        .print(models.ask(company, "Draft an answer to ticket " + request.getPathInfo()));
  }
}
