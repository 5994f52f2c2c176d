extension ConfigurationExample {
  static let fleet = ConfigurationExample(
    name: "fleet", summary: "one file for several hosts, with variables",
    text: """
      # One file for both ends: what differs are variables, chosen by host name or
      # --host.
      variables:
        proposal: aes256gcm16
      hosts:
        gw-berlin:
          here: 192.0.2.1
          own: 10.1.0.0/16
          there: 198.51.100.2
          other: 10.2.0.0/16
        gw-paris:
          here: 198.51.100.2
          own: 10.2.0.0/16
          there: 192.0.2.1
          other: 10.1.0.0/16

      # What connections have that say nothing of it.
      defaults:
        proposal: ${proposal}
        anti-replay-window-size: 256

      connections:
        - name: berlin-paris
          kind: site-to-site
          local: {address: "${here}", subnets: "${own}"}
          remote: {address: "${there}", subnets: "${other}"}

      """)

  static let entries = ConfigurationExample(
    name: "entries", summary: "entries of SPD and SAD, as in RFC 9061",
    text: """
      # Policies and SAs one by one, in the words of RFC 9061 (IKE-less).
      spd:
        - name: web-out
          direction: outbound
          reqid: 1
          traffic-selector:
            local-prefix: 10.1.0.0/16
            remote-prefix: 10.2.0.0/16
            inner-protocol: tcp
            remote-ports: [443, 8000-8079]
          processing-info:
            action: protect
            ipsec-sa-cfg:
              mode: tunnel
              tunnel: {local: 192.0.2.1, remote: 198.51.100.2}
              esp-algorithms: {proposals: [aes256-sha256]}
        - name: web-in
          direction: inbound
          reqid: 1
          traffic-selector:
            local-prefix: 10.1.0.0/16
            remote-prefix: 10.2.0.0/16
            inner-protocol: tcp
            remote-ports: [443, 8000-8079]
          processing-info:
            action: protect
            ipsec-sa-cfg:
              mode: tunnel
              tunnel: {local: 192.0.2.1, remote: 198.51.100.2}
        # Without processing-info, packets are dropped.
        - name: nothing-else
          direction: outbound
          traffic-selector: {local-prefix: 10.1.0.0/16, remote-prefix: 10.2.0.0/16}

      sad:
        - name: web-out-1
          direction: outbound
          reqid: 1
          spi: 0x1001
          mode: tunnel
          tunnel: {local: 192.0.2.1, remote: 198.51.100.2}
          # A key that stays the same is for CBC with a hash, and for no counter mode.
          esp-sa: {proposal: aes256-sha256, key: "file:/etc/xfrmctl/keys/web-out-1"}
          sa-lifetime-hard: {time: 8h}
        - name: web-in-1
          direction: inbound
          reqid: 1
          spi: 0x1002
          mode: tunnel
          tunnel: {local: 192.0.2.1, remote: 198.51.100.2}
          esp-sa:
            encryption: {encryption-algorithm: aes-cbc, key-length: 256}
            integrity: {integrity-algorithm: hmac-sha2-256-128}
            key: credential:web-in-1
          sa-lifetime-hard: {time: 8h}

      """)

  static let lab = ConfigurationExample(
    name: "lab", summary: "a static key for a counter mode, by waiver",
    text: """
      # A lab: the key is in a file, and stays the same. Two packets with one counter
      # give both away, so it has to be waived by name, and every output says so.
      waivers:
        static-counter-mode-key: bench
      connections:
        - name: bench
          kind: host-to-host
          local: {address: 192.0.2.1}
          remote: {address: 192.0.2.2}
          proposal: aes128gcm16
          keys:
            in: {spi: 0x1001, key: "file:/etc/xfrmctl/lab/in"}
            out: {spi: 0x1002, key: "file:/etc/xfrmctl/lab/out"}

      """)
}
