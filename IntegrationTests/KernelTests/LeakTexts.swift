/// Configurations of the gateway whose packets are watched.
extension LeakWatch {
  /// Entries for each port of the flood, and one for all of them.
  ///
  /// - Parameters:
  ///   - protected: Which ports are protected; packets to the others are dropped.
  ///   - count: For how many ports there are entries of their own.
  ///   - peer: The other end of the tunnel: where there is no SA, packets are dropped.
  ///   - allFirst: Whether the entry for all ports stands before the others, and so decides.
  static func policies(
    protected: (Int) -> Bool, count: Int = ports.count, peer: String = "192.0.2.2",
    allFirst: Bool = false
  ) -> String {
    let all = entry("all", "\(ports.lowerBound)-\(ports.upperBound)", 100, peer)
    let narrow = ports.prefix(count).enumerated().map { number, port in
      entry("port-\(port)", "\(port)", protected(number) ? number + 1 : nil, peer)
    }
    return "spd:\n" + (allFirst ? [all] + narrow : narrow + [all]).joined()
  }

  /// - Parameter requestID: `nil` for one that drops.
  private static func entry(
    _ name: String, _ ports: String, _ requestID: Int?, _ peer: String
  ) -> String {
    let head = """
        - name: \(name)
          direction: outbound
          traffic-selector:
            local-prefix: 10.1.0.0/24
            remote-prefix: 10.2.0.0/24
            inner-protocol: udp
            remote-ports: [\(ports)]

      """
    guard let requestID else { return head }
    return head + """
          reqid: \(requestID)
          processing-info:
            action: protect
            ipsec-sa-cfg:
              mode: tunnel
              tunnel: {local: 192.0.2.1, remote: \(peer)}

      """
  }

  /// A connection between the sites, with keys of files.
  ///
  /// - Parameters:
  ///   - generation: Makes the SPIs.
  ///   - folder: Where the keys are.
  ///   - lifetime: When its SAs end, such as `5s`; `nil` for never.
  static func connection(generation: Int, keysIn folder: String, lifetime: String? = nil) -> String
  {
    let spi = String(0x1000 + 2 * generation, radix: 16)
    let next = String(0x1001 + 2 * generation, radix: 16)
    return """
      connections:
        - name: sites
          kind: site-to-site
          local: {address: 192.0.2.1, subnets: 10.1.0.0/24}
          remote: {address: 192.0.2.2, subnets: 10.2.0.0/24}
          inner-protocol: udp
          remote-ports: [\(ports.lowerBound)-\(ports.upperBound)]
          reqid: 7
          proposal: aes256-sha256
          ext-seq-num: false
          keys:
            in: {spi: 0x\(spi), key: "file:\(folder)/in"}
            out: {spi: 0x\(next), key: "file:\(folder)/out"}
      \(lifetime.map { "    sa-lifetime-hard: {time: \($0)}\n" } ?? "")
      """
  }
}
