using CliWrap;
using CliWrap.Buffered;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Terminal;

/// <summary>The completion of bash, in bash.</summary>
public sealed class CompletionTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("UniqueRandom.Server ex", "export extend")]
    [InlineData("UniqueRandom.Server draw --co", "--count")]
    [InlineData("UniqueRandom.Server export --format ", "csv jsonl")]
    [InlineData("UniqueRandom.Server show def", "default")]
    [InlineData("UniqueRandom.Server --max", "--maximum")]
    [InlineData("UniqueRandom.Server completion b", "bash")]
    [InlineData("UniqueRandom.Server draw --coz", "")]
    public async Task A_word_is_completed(string line, string completions) =>
        Assert.Equal(completions, await CompleteAsync(line, server.Address));

    [Fact]
    public async Task Without_a_server_there_are_no_names() =>
        Assert.Equal("", await CompleteAsync("UniqueRandom.Server show def", new Uri("http://127.0.0.1:1")));

    private static async Task<string> CompleteAsync(string line, Uri address)
    {
        // What bash does when the tab key is pressed at the end of the line.
        const string press = """
            PATH=$(dirname "$1"):$PATH
            source <(UniqueRandom.Server completion bash)
            complete -p UniqueRandom.Server >&2
            COMP_LINE=$2 COMP_POINT=${#2}
            read -ra COMP_WORDS <<<"$2"
            [[ $2 != *' ' ]] || COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _uniquerandom UniqueRandom.Server
            echo "${COMPREPLY[@]}"
            """;
        var variables = new Dictionary<string, string?>();
        ServerEnvironment.Prepare(variables);
        variables["UNIQUERANDOM_URL"] = address.AbsoluteUri;
        var run = await Cli.Wrap("bash").WithArguments(["-c", press, "bash", ServerProcess.Executable, line])
            .WithEnvironmentVariables(variables).ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        Assert.Contains("-F _uniquerandom UniqueRandom.Server", run.StandardError);
        return run.StandardOutput.Trim();
    }
}
