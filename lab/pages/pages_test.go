package pages

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"watertight/lab/scenario"
)

// Every page is visited, and what it says of itself is what its scenarios expect.
func TestPagesAndScenarios(t *testing.T) {
	files, err := filepath.Glob("../scenarios/sites/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("%v %v", files, err)
	}
	visited := map[string]bool{}
	for _, file := range files {
		s, err := scenario.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range s.Steps {
			if step.Site == nil {
				continue
			}
			address, err := url.Parse(step.Site.Page)
			if err != nil {
				t.Fatal(err)
			}
			says, err := Judged(address.Path)
			if err != nil || says == "" {
				t.Errorf("%s: %s does not say what it is judged as (%v)", s.Name, address.Path, err)
			}
			visited[strings.TrimPrefix(address.Path, "/")] = true
			// A site that is blocked does not get to do what its page is for.
			if e := step.Site.Expect; e.Why == "" && string(e.Kind) != says {
				t.Errorf("%s: %s says it is judged as %s, and the scenario expects %s without a why", s.Name, address.Path, says, e.Kind)
			}
		}
	}
	pages, err := fs.Glob(Site(), "*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		if says, err := Judged(page); err != nil || says != "" && !visited[page] {
			t.Errorf("no scenario visits %s (%v)", page, err)
		}
	}
}

// The mailbox brings an offer to the peer and its answer back.
func TestMailbox(t *testing.T) {
	server := httptest.NewServer(Handler())
	defer server.Close()
	answered := make(chan string)
	go func() {
		reply, err := http.Post(server.URL+"/offer", "", strings.NewReader("offer"))
		answered <- text(reply, err)
	}()
	next, err := http.Get(server.URL + "/next")
	if err != nil {
		t.Fatal(err)
	}
	id := next.Header.Get("Offer")
	if got := text(next, nil); got != "200 offer" || id == "" {
		t.Fatalf("the peer is given %q, %q", got, id)
	}
	if got := text(http.Post(server.URL+"/answer/"+id, "", strings.NewReader("answer"))); got != "200 " {
		t.Errorf("the answer: %q", got)
	}
	if got := <-answered; got != "200 answer" {
		t.Errorf("the offer is answered by %q", got)
	}
	if got := text(http.Post(server.URL+"/answer/"+id, "", strings.NewReader("again"))); !strings.HasPrefix(got, "404") {
		t.Errorf("an answer twice: %q", got)
	}
}

func text(reply *http.Response, err error) string {
	if err != nil {
		return err.Error()
	}
	defer reply.Body.Close()
	body := make([]byte, 1000)
	n, _ := reply.Body.Read(body) // the end is an error too
	return reply.Status[:3] + " " + string(body[:n])
}

func TestFiles(t *testing.T) {
	server := httptest.NewServer(Handler())
	defer server.Close()
	for path, want := range map[string]string{"/plain.html": "200", "/204": "204", "/nowhere.html": "404"} {
		if got := text(http.Get(server.URL + path)); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %.40q, want %s", path, got, want)
		}
	}
}
