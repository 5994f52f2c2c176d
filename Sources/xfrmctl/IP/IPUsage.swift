import IPRoute2

/// What `ip xfrm … help` prints: which words there are. The manual page says what they mean.
enum IPUsage {
  static func text(_ topic: HelpTopic) -> String {
    switch topic {
    case .xfrm:
      """
      Usage: ip xfrm state | policy | monitor  [ words ]
             ip xfrm state | policy | monitor  help
      """
    case .association:
      """
      Usage: ip xfrm state add | update  ID [ ALGO ]... [ mode MODE ] [ reqid N ] [ seq N ]
               [ mark V [ mask M ] ] [ output-mark V [ mask M ] ] [ if_id N ] [ dir in|out ]
               [ replay-window N ] [ replay-seq N ] [ replay-oseq N ]
               [ replay-seq-hi N ] [ replay-oseq-hi N ] [ flag FLAGS ] [ extra-flag XFLAGS ]
               [ sel SELECTOR ] [ limit LIMIT ]... [ encap KIND SPORT DPORT ADDR ]
               [ coa ADDR ] [ ctx LABEL ] [ tfcpad N ] [ pcpu-num N ]
               [ offload [crypto|packet] dev DEV dir in|out ]
             ip xfrm state allocspi  ID [ mode MODE ] [ reqid N ] [ mark V [ mask M ] ]
               [ seq N ] [ min N max N ] [ dir in|out ] [ pcpu-num N ]
             ip xfrm state delete | get  ID [ mark V [ mask M ] ]
             ip xfrm state list | deleteall  [ nokeys ] [ ID ] [ mode MODE ] [ reqid N ]
               [ flag FLAGS ]
             ip xfrm state flush [ proto PROTO ]
             ip xfrm state count
      ID     src ADDR  dst ADDR  proto esp|ah|comp|route2|hao  spi N
      ALGO   enc NAME KEY | auth NAME KEY | auth-trunc NAME KEY BITS | aead NAME KEY BITS
             | comp NAME
      MODE   transport | tunnel | beet | ro | in_trigger
      FLAGS  noecn decap-dscp nopmtudisc wildrecv icmp af-unspec align4 esn
      XFLAGS dont-encap-dscp oseq-may-wrap
      LIMIT  time-soft|time-hard|time-use-soft|time-use-hard SECONDS
             | byte-soft|byte-hard|packet-soft|packet-hard N
      """
    case .policy:
      """
      Usage: ip xfrm policy add | update  SELECTOR dir in|out|fwd [ ctx LABEL ]
               [ mark V [ mask M ] ] [ index N ] [ ptype main|sub ] [ action allow|block ]
               [ priority N ] [ flag localok|icmp ] [ if_id N ] [ limit LIMIT ]...
               [ offload packet dev DEV ] [ tmpl TMPL ]...
             ip xfrm policy delete | get  SELECTOR | index N  dir in|out|fwd [ ctx LABEL ]
               [ mark V [ mask M ] ] [ ptype main|sub ] [ if_id N ]
             ip xfrm policy list | deleteall  [ nosock ] [ SELECTOR ] [ dir in|out|fwd ]
               [ index N ] [ ptype main|sub ] [ action allow|block ] [ priority N ]
               [ flag FLAGS ]
             ip xfrm policy flush [ ptype main|sub ]
             ip xfrm policy count
             ip xfrm policy set [ hthresh4 LBITS RBITS ] [ hthresh6 LBITS RBITS ]
             ip xfrm policy setdefault  in|out|fwd block|accept ...
             ip xfrm policy getdefault
      SELECTOR  src PREFIX  dst PREFIX  dev DEV  proto P
                [ sport N ] [ dport N ] | [ type N ] [ code N ] | [ key N ]
      TMPL      src ADDR  dst ADDR  proto P  spi N  mode MODE  reqid N
                level required|use
      """
    case .monitor:
      """
      Usage: ip xfrm monitor [ nokeys ] [ all-nsid ] [ all | WORD... ] [ file FILE ]
      WORD   acquire expire SA aevent policy report
      """
    }
  }
}
