extension NetlinkConnection {
  /// Makes changes all at once, or none of them, as netfilter's subsystems do: the first of the
  /// requests begins the transaction, the last ends it.
  ///
  /// - Throws: What the kernel refused first.
  mutating func execute(transaction requests: [some NetlinkRequest]) throws(NetlinkError) {
    defer {
      request.removeAll()
      datagram.removeAll()
    }
    try settle()
    var batch = BatchReply(firstSequence: sequence &+ 1, port: socket.port)
    for (number, change) in requests.enumerated() {
      let isBound = number == 0 || number == requests.count - 1
      sequence &+= 1
      request.append(change, flags: isBound ? [] : .acknowledge, sequence: sequence)
      // The end is not answered, nor is the beginning unless nothing comes of the whole.
      if number < requests.count - 1 { batch.expectMessage() }
    }
    if let failure = request.failure { throw .unencodable(failure) }
    try socket.send(request.bytes)
    // All answers are queued by now. There may be fewer than there are requests.
    while try socket.receive(into: &datagram) { batch.add(datagram.span) }
    if let problem = batch.problem { throw .malformed(problem) }
    for case (let number, .refused(var refusal)) in batch.outcomes.enumerated() {
      refusal.locate(in: request.bytes, request: number)
      throw .refused(refusal)
    }
    guard batch.isComplete else { throw .unanswered }
  }
}
