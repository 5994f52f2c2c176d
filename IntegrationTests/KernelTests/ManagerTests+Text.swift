extension Kernel.ManagerTests {
  /// Entries that drop and let pass, and one that protects, for so many networks.
  func text(_ second: Int, count: Int = 1) -> String {
    var text = "settings: {net.core.xfrm_larval_drop: 0}\nspd:\n"
    for number in 0..<count {
      let selector =
        "local-prefix: 10.\(number).0.0/16, remote-prefix: 10.\(second).\(number).0/24"
      text += """
          - name: ssh-\(number)
            direction: outbound
            traffic-selector: {\(selector), inner-protocol: tcp, remote-ports: [22]}
            processing-info: {action: bypass}
          - name: rest-\(number)
            direction: outbound
            traffic-selector: {\(selector)}
          - name: in-\(number)
            direction: inbound
            reqid: \(number + 1)
            traffic-selector: {\(selector)}
            processing-info:
              action: protect
              ipsec-sa-cfg:
                mode: tunnel
                tunnel: {local: 192.0.2.1, remote: 198.51.100.2}

        """
    }
    return text
  }

  /// The same for one network, and a connection that takes keys.
  var withConnection: String {
    """
    \(text(200))
    connections:
      - name: a
        kind: host-to-host
        local: {address: 192.0.2.1}
        remote: {address: 198.51.100.2}
    """
  }

  /// A configuration with an SA whose key is nowhere.
  func withoutItsKey(_ text: String) -> String {
    """
    \(text)
    sad:
      - name: web-in
        direction: inbound
        reqid: 1
        spi: 0x1002
        mode: tunnel
        tunnel: {local: 192.0.2.1, remote: 198.51.100.2}
        esp-sa: {proposal: aes256-sha256, key: "file:/nowhere/key"}
    """
  }
}
