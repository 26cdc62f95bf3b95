using System.IO.Hashing;
using CsCheck;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;
using Granary.Store.Watching;

namespace Granary.Store.Tests.Watching;

/// <summary>Whoever keeps values and heeds what he is told has, after everything that was done, what the store has.</summary>
public sealed class KeptValueModelTests
{
    private const int KeyCount = 4;
    private const ulong FirstTag = 100;

    private static readonly Gen<(int Operation, int Key, int Number)[]> Histories =
        Gen.Select(Gen.Int[0, 19], Gen.Int[0, KeyCount - 1], Gen.Int[1, 9]).Array[1, 60];

    [Fact]
    public void KeptValues_AreThoseOfTheStore() => Histories.Sample(
        static history =>
        {
            using var reader = new Reader();
            foreach ((int operation, int key, int number) in history)
            {
                reader.Do(operation, $"key-{key}", number);
                reader.Check();
            }
        },
        iter: 2000);

    private sealed class Reader : IDisposable
    {
        private readonly StoreDriver _driver = new();
        private readonly Dictionary<string, (byte[] Value, ulong Cas, ulong[] Tags)> _kept = [];
        private long _position;

        public Reader() => _driver.Store.Changes.Begin();

        private CacheStore Store => _driver.Store;

        public void Do(int operation, string key, int number)
        {
            byte[] bytes = StoreDriver.Bytes(key);
            byte[] value = StoreDriver.Bytes($"{number}");
            ulong tag = FirstTag + (ulong)(number % 3);
            switch (operation)
            {
                case 0: _driver.Set(key, $"{number}"); break;
                case 1: _driver.Put(key, value, new PutOptions { Tags = new EntryTags(new[] { tag, FirstTag }) }); break;
                case 2: _driver.Put(key, value, new PutOptions { NewCas = (ulong)number % 2 + 1 }); break;
                case 3: _driver.Put(PutMode.Append, key, value); break;
                case 4: _driver.Put(PutMode.Prepend, key, value); break;
                case 5: _driver.Put(PutMode.Add, key, value); break;
                case 6: _driver.Put(PutMode.CompareAndSet, key, value, compare: _driver.Read(key).Entry.Cas); break;
                case 7: Store.Increment(0, bytes, (ulong)number, negative: number % 2 == 0, out _, out _); break;
                case 8: Store.Count(0, bytes, new CountOptions { Delta = 1, NewCas = 3, Creation = Expiration.Never }, out _); break;
                case 9: Store.Delete(0, bytes); break;
                case 10: Store.Delete(0, bytes, new DeleteOptions { MarksStale = true }); break;
                case 11: Store.Delete(0, bytes, new DeleteOptions { DropsValue = true }); break;
                case 12: Store.Flush(0, number == 1 ? _driver.Now + 500 : 0); break;
                case 13: _driver.Time.Advance(TimeSpan.FromMilliseconds(number * 100)); break;
                case 14: Drop(tag); break;
                case 15: _driver.Put(key, new byte[400_000 + number], default); break; // of several segments
                case 16: Reopen(number); break;
                default: Keep(key); break;
            }
        }

        public void Check()
        {
            Heed();
            foreach ((string key, (byte[] value, ulong _, ulong[] _)) in _kept)
            {
                Assert.Equal(value, _driver.Read(key).Value);
            }
        }

        public void Dispose() => _driver.Dispose();

        private void Drop(ulong tag)
        {
            Store.DropTag(0, tag);
            Store.Changes.TagDropped(tag);
        }

        private void Reopen(int number)
        {
            Store.Close(0);
            if (number == 1)
            {
                Store.Clear(0);
            }

            Store.Open(0);
        }

        private void Keep(string key)
        {
            var sink = new DetailSink();
            Store.Read(0, StoreDriver.Bytes(key), new ReadOptions { WantsValue = true, Watches = true }, ref sink);
            if (sink.Details.IsWatched)
            {
                _kept[key] = (sink.Value!, sink.Details.Entry.Cas, sink.Details.Tags.ToArray());
            }
        }

        private void Heed()
        {
            Assert.True(Store.Changes.TryRead(ref _position, ChangeLog.Capacity, out WatchedChange[] changes));
            foreach (WatchedChange change in changes)
            {
                foreach (string key in _kept.Keys.ToArray())
                {
                    if (IsAbout(change, key))
                    {
                        _kept.Remove(key);
                    }
                }
            }
        }

        private bool IsAbout(WatchedChange change, string key) => change.Kind switch
        {
            WatchedChangeKind.Entry =>
                change.Subject == XxHash3.HashToUInt64(StoreDriver.Bytes(key)) && change.Cas != _kept[key].Cas,
            WatchedChangeKind.Tag => _kept[key].Tags.Contains(change.Subject),
            _ => true,
        };
    }
}
