import ArgumentParser
import XFRMKit

/// What a question takes that has one short answer.
struct QuestionOptions: ParsableArguments {
  @OptionGroup var namespace: NamespaceOption

  @Flag(help: "Print one JSON object.")
  var json = false

  /// Asks the kernel, and prints the answer.
  func answer<Answer: Described>(
    _ ask: (inout XFRMClient) throws(XFRMError) -> Answer, text: (Answer) -> String
  ) throws(Failure) {
    var xfrm = try namespace.connect()
    let answer: Answer
    do throws(XFRMError) { answer = try ask(&xfrm) } catch { throw Failure(error) }
    if json {
      try Terminal.write(ObjectRendering.line(answer))
    } else {
      try Terminal.print(text(answer))
    }
  }
}
