import HostReadiness

/// A page that needs nothing but itself: no scripts, no other files.
enum HTMLPage {
  /// - Parameters:
  ///   - title: As it is, without markup.
  ///   - body: Markup.
  static func text(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="xfrmctl \(toolVersion)">
    <title>\(Markup.escaped(title))</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    <main>
    \(body)
    </main>
    </body>
    </html>
    """
  }

  /// A result as a coloured mark, which is text, too.
  static func mark(_ outcome: HostReadiness.Check.Outcome) -> String {
    #"<span class="mark \#(outcome.rawValue)" title="\#(outcome.rawValue)">\#(outcome.mark)</span>"#
  }

  /// Light and dark, on paper, and on screens as narrow as a telephone's.
  private static let style = """
    :root { --paper: #fff; --ink: #1c2126; --soft: #5c6670; --line: #dde2e7; --panel: #f5f7f9;
      --passed: #1a7f37; --warning: #8a5a00; --failed: #c1121f; --unknown: #6b4ba1;
      --absent: #6e7781; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #14181c; --ink: #e4e8ec; --soft: #9aa5b0; --line: #2d343b; --panel: #1c2227;
        --passed: #4ac26b; --warning: #e3a93c; --failed: #ff7b72; --unknown: #b79cf0;
        --absent: #8b949e; }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
    main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
    h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
    h1 small { font-size: 1rem; font-weight: normal; color: var(--soft); }
    h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
    p { margin: .25rem 0; }
    .soft { color: var(--soft); }
    code, pre, .mark { font-family: ui-monospace, monospace; font-size: .875em; }
    pre { margin: .35rem 0 .75rem; padding: .5rem .75rem; background: var(--panel);
      border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; }
    header { padding: 1rem 1.25rem; background: var(--panel); border-radius: 8px;
      border-left: 6px solid var(--absent); }
    header.ready, header.ready h1 { color: var(--passed); border-color: var(--passed); }
    header.ready-with-warnings { border-color: var(--warning); }
    header.not-ready { border-color: var(--failed); }
    header.unknown { border-color: var(--unknown); }
    .ready-with-warnings h1 { color: var(--warning); }
    .not-ready h1 { color: var(--failed); }
    .unknown h1 { color: var(--unknown); }
    header p { color: var(--ink); }
    .mark { white-space: nowrap; font-weight: 600; }
    .passed { color: var(--passed); } .warning { color: var(--warning); }
    .failed { color: var(--failed); } .mark.unknown { color: var(--unknown); }
    .absent { color: var(--absent); }
    .checks { margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
    .checks > li { border-bottom: 1px solid var(--line); }
    summary { display: grid; grid-template-columns: 3rem 1fr 1fr; gap: 0 .75rem;
      padding: .4rem .25rem; cursor: pointer; list-style: none; }
    summary::-webkit-details-marker { display: none; }
    summary:hover { background: var(--panel); }
    dl { display: grid; grid-template-columns: 6rem 1fr; gap: .15rem .75rem;
      margin: 0 0 .6rem 3.75rem; font-size: .9rem; }
    dt { color: var(--soft); } dd { margin: 0; }
    .table { overflow-x: auto; }
    table { border-collapse: collapse; }
    th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: left;
      vertical-align: top; }
    thead th { vertical-align: bottom; min-width: 6.5rem; }
    tbody th { position: sticky; left: 0; min-width: 9rem; background: var(--paper);
      font-weight: normal; }
    tr.differs th { font-weight: 600; }
    tr.differs td { background: var(--panel); }
    @media (max-width: 40rem) {
      summary { grid-template-columns: 3rem 1fr; }
      summary > :last-child { grid-column: 2; }
      dl { grid-template-columns: 1fr; margin-left: 0; padding: 0 .25rem; }
      dd { margin-bottom: .3rem; }
    }
    @media print {
      :root { --paper: #fff; --ink: #000; --soft: #444; --panel: #fff; --line: #bbb; }
      body { font-size: 10pt; } main { max-width: none; padding: 0; }
      header { border: 1px solid; border-left-width: 6px; }
      li, tr, pre { break-inside: avoid; } h2 { break-after: avoid; }
      .table { overflow: visible; }
    }
    """
}
