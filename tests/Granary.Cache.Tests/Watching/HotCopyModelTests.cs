using CsCheck;
using Granary.Cache.Watching;
using Granary.Watching;

namespace Granary.Cache.Tests.Watching;

/// <summary>
/// An entry that is changed at its owner, from here and by others, and read through the table of copies: however requests,
/// answers and notices are interleaved, nobody is answered with less than anybody before him, nor with what is too old.
/// </summary>
public sealed class HotCopyModelTests
{
    private const long Lifetime = 20;
    private const ulong Hash = 1;

    private static readonly Gen<int[]> Histories = Gen.Int[0, 9].Array[1, 200];

    [Fact]
    public void Copies_AreNotOlderThanWhatWasAnswered_NorThanTheirLifetime() => Histories.Sample(
        static history =>
        {
            var run = new Run();
            foreach (int step in history)
            {
                run.Do(step);
            }
        },
        iter: 20_000);

    // A version is a number for each change; it is the cas as well, but for that of an entry that is absent.
    private readonly record struct Request(bool IsWrite, HotRead? Read);

    private readonly record struct Answer(Request Request, ulong Version, bool IsPresent);

    private sealed class Run
    {
        private static readonly byte[] Key = [1];

        private readonly HotCopies _copies = new(maxCopies: 4, maxBytes: 10_000, Lifetime);
        private readonly SiloWatch _silo = new(bound: long.MaxValue / 2);
        private readonly ShardWatch _watch;
        private readonly Queue<Request> _requests = new();
        private readonly Queue<Answer> _answers = new();
        private readonly Queue<(ulong Version, bool IsPresent)> _notices = new();
        private readonly List<(long Time, ulong Version)> _changes = [];
        private ulong _version = 1;
        private bool _isPresent = true;
        private ulong _answered; // the newest
        private long _now;

        public Run()
        {
            _silo.Heard(0);
            _watch = new ShardWatch(_silo);
        }

        public void Do(int step)
        {
            switch (step)
            {
                case 0: Change(isPresent: true); break; // another silo's client
                case 1: Change(isPresent: false); break;
                case 2: _requests.Enqueue(new Request(IsWrite: true, null)); break;
                case 3: Execute(); break;
                case 4: Deliver(); break;
                case 5: Tell(); break;
                case 6: _now += 3; break;
                default: Read(); break;
            }
        }

        private void Change(bool isPresent)
        {
            _version++;
            _isPresent = isPresent;
            _changes.Add((_now, _version));
            _notices.Enqueue((_version, isPresent));
        }

        private void Read()
        {
            if (_copies.TryGet(Hash, Key, out HotCopy? copy) && copy.Holds(_now))
            {
                Assert.True(copy.Cas >= _answered, $"{copy.Cas} after {_answered}");
                ulong oldest = _changes.LastOrDefault(change => change.Time <= _now - Lifetime, (Time: 0L, Version: 1UL)).Version;
                Assert.True(copy.Cas >= oldest, $"{copy.Cas} where {oldest} was there {Lifetime} ago");
            }
            else
            {
                _requests.Enqueue(new Request(IsWrite: false, _copies.Begin(Hash, _watch, term: 1, _now)));
            }
        }

        private void Execute()
        {
            if (_requests.TryDequeue(out Request request))
            {
                if (request.IsWrite)
                {
                    Change(isPresent: true);
                }

                _answers.Enqueue(new Answer(request, _version, _isPresent));
            }
        }

        private void Deliver()
        {
            if (!_answers.TryDequeue(out Answer answer))
            {
                return;
            }

            if (answer.Request.IsWrite || !answer.IsPresent)
            {
                _copies.Forget(Hash);
            }
            else if (answer.Request.Read is not { } read || !_copies.End(read, Copy(read, answer.Version)))
            {
                _copies.Seen(Hash, answer.Version);
            }

            _answered = Math.Max(_answered, answer.Version);
        }

        private void Tell()
        {
            if (_notices.TryDequeue(out (ulong Version, bool IsPresent) notice))
            {
                _copies.Changed(Hash, notice.IsPresent ? notice.Version : 0);
            }
        }

        private static HotCopy Copy(HotRead read, ulong cas) => new()
        {
            Key = Key,
            Value = [],
            Flags = 0,
            Cas = cas,
            Tags = [],
            Watch = read.Watch,
            Term = read.Term,
            KeptUntil = read.Until,
            ExpiresAt = long.MaxValue,
        };
    }
}
