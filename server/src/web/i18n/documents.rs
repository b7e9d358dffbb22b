//! Texts: documents that were issued, printing them, verifying them, the letterhead.

catalogue! {
    nav_documents => "Documents", "单据";
    documents_title => "Documents", "单据";
    documents_lead => "Everything printed with a number. The content of a number never changes.", "所有带编号的打印单据，编号开具后内容不再变更。";
    documents_kinds => "Kinds of documents", "单据种类";
    documents_none => "Nothing of this kind has been issued yet.", "尚未开具此类单据。";
    documents_older => "Older ones", "更早的单据";
    documents_back => "Back", "返回";
    documents_batch => "Several in one file", "批量打印";
    documents_batch_hint(most) => "One PDF, at most {most} documents, each with its own page numbers.", "合并为一个 PDF，最多 {most} 份，每份独立编页。";
    documents_batch_from => "From number", "起始编号";
    documents_batch_to => "To number", "截止编号";
    documents_batch_originals => "Originals not handed out yet", "打印尚未领取的正本";
    documents_batch_copies => "Copies", "打印副本";
    documents_batch_number => "Write a number of this list.", "请填写本列表中的编号。";
    documents_batch_range(most) => "The second number must not be smaller than the first, and at most {most} documents go into one file.", "截止编号不能小于起始编号，且每个文件最多 {most} 份。";
    documents_batch_empty => "There are no documents with these numbers.", "没有这些编号的单据。";
    document_handed_out => "handed out", "已领取";
    document_original_left => "The original has not been handed out yet. It is printed once; everything printed later is marked as a copy.", "正本尚未领取。正本仅打印一次，之后打印的均标注“副本”。";
    document_original_gone(when, name) => "The original was handed out on {when} by {name}. What is printed now is marked as a copy.", "正本已于 {when} 由 {name} 打印，现打印的均标注“副本”。";
    document_print_original => "Print the original", "打印正本";
    document_original_roll => "Original on an 80 mm roll", "80 毫米小票正本";
    document_pdf_original => "Original as PDF", "正本 PDF";
    document_print_copy => "Print a copy", "打印副本";
    document_copy_roll => "Copy on an 80 mm roll", "80 毫米小票副本";
    document_pdf_copy => "Copy as PDF", "副本 PDF";
    verify_title => "Verify a document", "验证单据";
    verify_lead => "Type the number and the verification code of a paper to see whether this office issued it, and what it said.", "输入单据编号与验证码，查验是否由本单位开具以及其原始内容。";
    verify_number => "Number", "编号";
    verify_number_hint(example) => "Such as {example}.", "例如 {example}。";
    verify_code => "Verification code", "验证码";
    verify_go => "Verify", "验证";
    verify_false => "Number and code do not belong together. Check what you typed; if it is what the paper says, the paper was not issued here.", "编号与验证码不符。请核对输入；若与纸面一致，则该单据并非由本单位开具。";
    verify_genuine(number) => "Genuine: {number} was issued here. Compare the paper with what follows.", "验证通过：{number} 由本单位开具，请将纸面与以下内容逐项核对。";
    verify_open => "Open the document", "查看单据";
    letterhead_title => "Letterhead", "抬头信息";
    letterhead_lead => "What stands under the site's name on everything printed from now on.", "显示在单据抬头物业名称下方，仅对之后开具的单据生效。";
    letterhead_line(number) => "Line {number}", "第 {number} 行";
    letterhead_hint => "Address, telephone, tax number: one of them a line.", "地址、电话、税号等，每行一项。";
    document_taken_back => "The sale of this receipt has been taken back since: the paper is not valid any more.", "该收据对应的售电已撤销，单据不再有效。";
    document_issue => "Issue as a document", "开具编号单据";
    receipt_a4_print => "Print on A4", "打印（A4）";
    receipt_roll_print => "Print on an 80 mm roll", "打印（80 毫米小票）";
    receipt_pdf => "Download PDF", "下载 PDF";
}
